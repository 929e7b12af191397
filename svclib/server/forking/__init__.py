"""Pages' kernels as forks of one warm process: opened in a fraction of a second, sharing what all of them import.

`warm` is what the fork server imports, `child` what a forked process does first, `provisioner` the server's side.
"""
