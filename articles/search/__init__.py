"""Readers' search: what they typed, what is kept of articles, how both meet, and the pages."""
