"""The words the product thinks in: frozen values without I/O, known to every other package.

Nothing here imports a library beyond the standard one; whoever needs a value imports it from its own module.
"""
