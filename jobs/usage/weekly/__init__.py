"""The weekly summary for analysts: two pages of trends, top courses and ratios, by mail."""
