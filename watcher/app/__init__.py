"""edge: everything put together. The only modules that know every implementation; none loads what it does not need."""
