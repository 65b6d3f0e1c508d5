"""What sources share: readers of file formats, and of what stands in them."""
