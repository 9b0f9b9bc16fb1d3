"""The certificate itself: one page that is right in every script of India, and its credential."""
