"""The queries of a `promql` block."""


def split_queries(text: str) -> list[str]:
    """Give each expression: one a line, or one over the lines of a parenthesis; lines that begin with # are notes."""
    found: list[str] = []
    expr = ""
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        expr += line + "\n"
        if all(expr.count(opening) == expr.count(closing) for opening, closing in ("()", "{}", "[]")):
            found.append(expr.strip())
            expr = ""
    return [*found, expr.strip()] if expr else found
