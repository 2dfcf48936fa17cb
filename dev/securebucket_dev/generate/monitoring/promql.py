"""Pieces of PromQL that several rules and panels share.

For a moment after a change of leader, the old leader's series and the new one's are both there: everything about an
object is first reduced to one series an object. And a new leader knows of an object only once it has looked at it,
which takes up to an interval: an alert that fires goes on until then.
"""

from securebucket_dev.generate.monitoring.rule import MEMORY

ONE_INFO = "topk by (namespace, name) (1, securebucket_info)"
"""One series an object, with its bucket, account and mode in the labels; two of them would make a join fail."""


def with_bucket(expr: str, matchers: str = "", labels: str = "bucket, account") -> str:
    """Put bucket and account into the labels of an expression about objects.

    Args:
        expr: one series for each object, or several.
        matchers: keeps only objects with such an info, e.g. `mode="Plan"`.
        labels: what is taken from the info.
    """
    info = ONE_INFO.replace("securebucket_info", f"securebucket_info{{{matchers}}}") if matchers else ONE_INFO
    return f"{expr}\n* on (namespace, name) group_left ({labels})\n{info}"


def held(
    alert: str,
    expr: str,
    known: str = "securebucket_info",
    of: str = "namespace, name",
    memory: str = MEMORY,
) -> str:
    """Let an alert that fires go on while the leader has not looked at its object yet.

    Without it, each change of leader would end the alerts about its objects, and begin them anew within an hour. An
    object that was deleted meanwhile counts as not looked at: its alert ends when `memory` is over.

    Args:
        alert: name of the alert.
        expr: a plain selector of what it is about.
        known: is there for each object that the leader has looked at.
        of: labels that name the object.
        memory: how long it goes on at most.
    """
    return (
        f"{expr}\n"
        "or\n"
        f'max without (alertname, alertstate, severity) (ALERTS{{alertname="{alert}", alertstate="firing"}})\n'
        f"and on ({of}) last_over_time({expr}[{memory}])\n"
        f"unless on ({of}) {known}"
    )
