"""`meetscribe library`: the group and its commands, one module per task."""
