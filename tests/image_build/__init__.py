"""How the image is made and watched, as far as that takes neither root nor a virtual machine."""
