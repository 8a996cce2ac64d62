"""What lies on disk, and the engines that search it."""
