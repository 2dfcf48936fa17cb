"""From an outcome to what people and programs see: status, conditions and Events. Pure."""
