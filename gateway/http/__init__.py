"""What HTTP is to the gateway: requests read, responses written, the server and the console's page."""
