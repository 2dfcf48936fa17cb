"""Which accounts the fleet uses: the profiles in use, each with the buckets that are covered on its server."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from securebucket.api.bucket_profile import BucketProfileSpec
from securebucket.engine.effective import binding_of
from securebucket.engine.request import Profile
from securebucket.fleet.index import Index
from securebucket.fleet.profiles import Profiles
from securebucket.scan.account_survey import AccountSurvey, AccountUse


@dataclass(frozen=True, slots=True)
class AccountRound:
    """Has the accounts in use looked at.

    Args:
        index: what is known of the fleet.
        profiles: finds profiles.
        whole_cluster: the index holds every object of the cluster. If it does not, nobody can tell which buckets no
            SecureBucket covers.
        survey: looks at them.
        going: false once the process is to end or does not lead any more.
    """

    index: Index
    profiles: Profiles
    whole_cluster: bool
    survey: AccountSurvey
    going: Callable[[], bool]

    def run(self) -> None:
        """Look at all of them once.

        Raises:
            ApiError: a profile could not be read.
        """
        if self.going():
            self.survey.run(tuple(self._uses()), self.going)

    def _uses(self) -> Iterator[AccountUse]:
        """Return every binding in use once. What is wrong with a profile is told by the objects that ask for it."""
        bindings = []
        if self.index.users_of(""):
            bindings.append(binding_of(BucketProfileSpec(namespaces=("*",))))
        for name in sorted(self.index.profiles_in_use()):
            profile = self.profiles.find(name)
            if isinstance(profile, Profile):
                bindings.append(binding_of(profile.spec))
        for binding in dict.fromkeys(bindings):
            endpoint = binding.endpoint.rstrip("/")
            yield AccountUse(binding, self.index.buckets_on(endpoint) if self.whole_cluster else None)
