"""The schemas: what people and machines send becomes typed values here, or every fault it has."""
