"""The twelve people of the README, who refer each other and buy."""
