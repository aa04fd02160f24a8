"""The knelpuntenstelsel: bottlenecks in government data sharing, from report to precedent."""
