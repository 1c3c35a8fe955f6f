"""What `make scans` and `make fuzz` run: tools of the checkout, no part of the product."""
