"""Download ratios: certificates of those issued, progress reports per batch."""
