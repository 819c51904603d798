"""Plotting needs a package that installing SecretFlow does not bring."""

import matplotlib.pyplot
