"""The small files of which each record is a trace: logins, devices, applications, searches."""

from __future__ import annotations

from typing import NamedTuple

from empreinte.formats.drift import Fields, Watch


class Shape(NamedTuple):
    """How the records of a small file become traces.

    `labels` are the fields of which the first that is there names the thing; `at` those of
    which the first that is there dates it. `needed` are in every record seen; with `others` and
    those above they are the fields known (secrets and the owner's id are not looked at).
    """

    kind: str
    labels: tuple[str, ...]
    at: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def watch(self) -> Watch:
        """Make the watch of one file."""
        return Watch(Fields(self.needed, (*self.labels, *self.at, *self.others)))

    @property
    def scalars(self) -> frozenset[str]:
        """The fields that hold a text or a number, or a list of them."""
        return frozenset((*self.labels, *self.at, *self.needed, *self.others))


TRACES: dict[str, Shape] = {
    "account-creation-ip": Shape("login", ("userCreationIp",), needed=("userCreationIp",)),
    "account-label": Shape("setting", ("label", "name", "type")),
    "account-suspension": Shape("setting", ("action",), ("timeStamp",)),
    "account-timezone": Shape("setting", ("timeZone",)),
    "ageinfo": Shape("demographic", ("birthDate", "age", "inferredAge")),
    "app": Shape("activity", ("appNames", "appId"), needed=("appNames", "appId")),
    "branch-links": Shape("activity", ("landingPage", "externalReferrerUrl"), ("timestamp",)),
    "connected-application": Shape(
        "app", ("name", "id"), ("approvedAt",), ("name", "approvedAt"),
        ("description", "permissions", "url", "privacyPolicyUrl", "termsAndConditionsUrl"),
    ),
    "contact": Shape("contact", ("emails", "phoneNumbers", "id")),
    "device-token": Shape(
        "device", ("clientApplicationName", "clientApplicationId"), ("createdAt",),
        ("clientApplicationName", "createdAt"), ("lastSeenAt",),
    ),
    "email-address-change": Shape(
        "profile", ("changedTo", "changedFrom"), ("changedAt",), ("changedTo", "changedAt")
    ),
    "ip-audit": Shape(
        "login", ("loginIp", "loginPortNumber"), ("createdAt",), ("loginIp", "createdAt")
    ),
    "lists-created": Shape("profile", ("url", "urls", "name")),
    "lists-member": Shape("profile", ("url", "urls", "name")),
    "lists-subscribed": Shape("activity", ("url", "urls", "name")),
    "ni-devices": Shape(
        "device", ("deviceType", "carrier", "phoneNumber", "phone_number"), ("createdDate",)
    ),
    "phone-number": Shape("profile", ("phoneNumber",)),
    "protected-history": Shape("setting", ("action",), ("protectedAt",)),
    "saved-search": Shape(
        "search", ("query",), needed=("query",), others=("savedSearchId",)
    ),
    "screen-name-change": Shape(
        "profile", ("changedTo", "changedFrom"), ("changedAt",), ("changedTo", "changedAt")
    ),
    "spaces-metadata": Shape("profile", ("title", "id"), ("createdAt", "startedAt")),
    "sso": Shape("app", ("ssoProvider", "provider", "ssoEmail"), ("associatedAt",)),
    "user-link-clicks": Shape("activity", ("finalUrl", "tweetId"), ("timeStampOfInteraction",)),
    "verified": Shape("setting", ("verified",), needed=("verified",)),
    "verified-organization": Shape("setting", ("name", "type")),
    "personalization": Shape("interest", ("name",)),  # read by `personalization`, see archive.py
}  # fmt: skip
"""Kinds of file that are read as traces."""
