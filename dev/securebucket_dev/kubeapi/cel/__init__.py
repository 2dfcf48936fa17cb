"""The Common Expression Language, as far as the rules of a CustomResourceDefinition use it.

https://github.com/google/cel-spec/blob/master/doc/langdef.md
https://kubernetes.io/docs/reference/using-api/cel/
"""
