"""Sources in a cloud, read with the vendors' own clients; one policy of retries for all of them."""
