"""The same for machines: parse, call one service, answer JSON."""
