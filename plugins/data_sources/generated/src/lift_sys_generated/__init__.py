"""lift-sys data source: hundreds of validated tasks from one seed."""
