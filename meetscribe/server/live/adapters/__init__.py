"""Live protocols of other servers, as adapters to live sessions."""
