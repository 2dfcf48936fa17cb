"""Object Lock, as the laws try it."""

from tests.laws.subject import GONE, Document, Limit, Subject, Tampering

LOCK = "ObjectLockConfiguration"
RETENTION = f"{LOCK}.Rule.DefaultRetention"
NO_HOLD = Limit("loses DefaultEventHold")

SUBJECT = Subject(
    specs=(
        {"objectLock": {"enabled": True}},
        {"objectLock": {"enabled": True, "defaultRetention": {"mode": "GOVERNANCE", "days": 30}}},
        {
            "objectLock": {
                "enabled": True,
                "defaultRetention": {"mode": "COMPLIANCE", "years": 7, "defaultEventHold": {"days": 90}},
            }
        },
        {
            "objectLock": {
                "enabled": True,
                "defaultRetention": {"mode": "GOVERNANCE", "defaultEventHold": {"years": 1}},
            }
        },
        {"objectLock": {"enabled": True, "defaultRetention": {"mode": "NONE"}}},
    ),
    readings=(
        (
            {
                "ObjectLockConfiguration": {
                    "ObjectLockEnabled": "Enabled",
                    "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1, "Years": 0}},
                }
            },
            None,
        ),
    ),
    document=Document(
        get="get_object_lock_configuration",
        put="put_object_lock_configuration",
        absent="ObjectLockConfigurationNotFoundError",
    ),
    rights={
        "get_object_lock_configuration": "s3:GetBucketObjectLockConfiguration",
        "put_object_lock_configuration": "s3:PutBucketObjectLockConfiguration",
    },
    tamperings=(
        Tampering("shorter", ("days",), {f"{RETENTION}.Days": 1}, 1),
        Tampering("years", ("days", "years"), {f"{RETENTION}.Days": GONE, f"{RETENTION}.Years": 1}, 1),
        Tampering("nobody may delete", ("mode",), {f"{RETENTION}.Mode": "COMPLIANCE"}, 1),
        Tampering("no retention", ("mode", "days"), {f"{LOCK}.Rule": GONE}, 1),
        Tampering("a retention", ("mode", "days"), {RETENTION: {"Mode": "GOVERNANCE", "Days": 9}}, 4),
    ),
    untampered={
        f"{LOCK}.ObjectLockEnabled": "it cannot be turned off",
        f"{RETENTION}.DefaultEventHold.Days": "neither server keeps it",
        f"{RETENTION}.DefaultEventHold.Years": "neither server keeps it",
    },
    told_as={"PutObjectLockConfiguration": "PutBucketObjectLockConfiguration"},
    limits={
        "localstack": {
            2: NO_HOLD,
            3: Limit("wants a length of retention", "Failed", ("PutObjectLockConfiguration",)),
        },
        "moto": {2: NO_HOLD, 3: NO_HOLD},
    },
)
