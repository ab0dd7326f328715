"""How fast the site is: measured on a real-sized database, beside the limits of the machine. See `__main__`."""
