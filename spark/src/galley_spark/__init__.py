"""galley on Apache Spark. All that knows text is the binary `galley worker`; this package only moves records."""
