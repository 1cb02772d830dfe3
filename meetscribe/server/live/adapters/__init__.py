"""Live protocols of other servers, as thin adapters over the sessions of `WS /live`."""
