"""`meetscribe profiles`: the group and its commands, one module per task."""
