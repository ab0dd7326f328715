"""A small newspaper to click through: texts in JSON and HTML beside this file, loaded by `loader`."""
