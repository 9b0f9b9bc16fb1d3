"""Publishing a night: findings merged, checked, told by mail, in one transaction."""
