"""The tables of LinkedIn's export: their columns, and what becomes of each.

Names and columns as real exports of 2021 to 2026 hold them. A table may come in parts
(``Shares_1.csv``), with notes before its header (``Connections.csv``), with columns of one name
(``Ad_Targeting.csv``). Column names are English whatever the language of the account.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from empreinte.formats.drift import Fields
from empreinte.language import Message, message


class Shape(NamedTuple):
    """How the rows of a table become traces.

    `labels` are the columns that together name the thing; `at` the one that dates it; the other
    columns are its detail, but for `left_out`.
    """

    kind: str
    labels: tuple[str, ...]
    at: str | None = None
    left_out: tuple[str, ...] = ()


def stem(name: str) -> str:
    """Give the name of a table without case, blanks, marks and number of the part.

    >>> stem("export/Company Follows.csv"), stem("Shares_17529409.csv"), stem("Shares (2).csv")
    ('companyfollows', 'shares', 'shares')
    """
    base = re.sub(r"\.csv$", "", name.rpartition("/")[2], flags=re.IGNORECASE)
    return re.sub(r"[ _-]+", "", re.sub(r"(_\d{1,12}| \(\d{1,3}\))$", "", base)).lower()


_PERSON = ["First Name", "Last Name"]
COLUMNS: dict[str, Fields] = {
    "shares": Fields(
        ["Date", "ShareLink", "ShareCommentary", "Visibility"], ["SharedUrl", "MediaUrl"]
    ),
    "comments": Fields(["Date", "Link", "Message"]),
    "reactions": Fields(["Date", "Type", "Link"]),
    "instantreposts": Fields(["Date", "Link"]),
    "votes": Fields(["Date", "Link", "OptionText"]),
    "connections": Fields(
        [*_PERSON, "Company", "Position", "Connected On"], ["URL", "Email Address"]
    ),
    "invitations": Fields(
        ["From", "To", "Sent At", "Direction"],
        ["Message", "inviterProfileUrl", "inviteeProfileUrl"],
    ),
    "companyfollows": Fields(["Organization", "Followed On"]),
    "memberfollows": Fields(["Date", "FullName"], ["Status"]),
    "endorsementreceivedinfo": Fields(
        ["Endorsement Date", "Skill Name"],
        ["Endorser First Name", "Endorser Last Name", "Endorser Public Url", "Endorsement Status"],
    ),
    "endorsementgiveninfo": Fields(
        ["Endorsement Date", "Skill Name"],
        ["Endorsee First Name", "Endorsee Last Name", "Endorsee Public Url", "Endorsement Status"],
    ),
    "recommendationsreceived": Fields(
        [*_PERSON, "Text"], ["Company", "Job Title", "Creation Date", "Status"]
    ),
    "recommendationsgiven": Fields(
        [*_PERSON, "Text"], ["Company", "Job Title", "Creation Date", "Status"]
    ),
    "saveditems": Fields(["savedItem"], ["CreatedTime"]),
    "profile": Fields(
        [*_PERSON, "Headline", "Summary"],
        ["Maiden Name", "Address", "Birth Date", "Industry", "Zip Code", "Geo Location",
         "Twitter Handles", "Websites", "Instant Messengers"],
    ),
    "profilesummary": Fields(["Profile Summary"]),
    "positions": Fields(
        ["Company Name", "Title", "Started On"], ["Description", "Location", "Finished On"]
    ),
    "education": Fields(
        ["School Name", "Start Date"], ["End Date", "Notes", "Degree Name", "Activities"]
    ),
    "skills": Fields(["Name"]),
    "languages": Fields(["Name"], ["Proficiency"]),
    "certifications": Fields(
        ["Name", "Authority"], ["Url", "Started On", "Finished On", "License Number"]
    ),
    "courses": Fields(["Name"], ["Number"]),
    "honors": Fields(["Title"], ["Description", "Issued On"]),
    "projects": Fields(["Title"], ["Description", "Url", "Started On", "Finished On"]),
    "publications": Fields(["Name"], ["Published On", "Description", "Publisher", "Url"]),
    "patents": Fields(["Title"], ["Description", "Url", "Number", "Issued On", "Inventors"]),
    "organizations": Fields(["Name"], ["Position", "Description", "Started On", "Finished On"]),
    "testscores": Fields(["Name"], ["Score", "Date", "Description"]),
    "volunteering": Fields(
        ["Company Name", "Role"], ["Cause", "Started On", "Finished On", "Description"]
    ),
    "causesyoucareabout": Fields(["Supported Cause"]),
    "adtargeting": Fields(
        [],
        ["Member Age", "Company Names", "Company Follower of", "Company Category", "Company Size",
         "Degrees", "degreeClass", "Member Schools", "Company Growth Rate", "Fields of Study",
         "Company Connections", "Function By Size", "Job Functions", "Member Gender",
         "Graduation Year", "Member Groups", "Company Industries", "Member Interests",
         "Interface Locales", "interfaceLocale", "Member Traits", "Profile Locations",
         "Company Revenue", "Job Seniorities", "Member Skills", "Job Titles",
         "Years of Experience", "Buyer Groups", "High Value Audience Segments"],
    ),
    "inferencesaboutyou": Fields(["Category", "Type of inference", "Description", "Inference"]),
    "adsclicked": Fields(["Ad clicked Date", "Ad Title/Id"]),
    "lanadsengagement": Fields(["Date", "Action", "Ad Title/Id"], ["Page/App"]),
    "searchqueries": Fields(["Time", "Search Query"]),
    "hashtagfollows": Fields(["HashTag"], ["CreatedTime", "State", "Hashtag", "Created Time"]),
    "events": Fields(["Event Name"], ["Event Time", "Status", "External Url"]),
    "learning": Fields(
        ["Content Title"],
        ["Content Description", "Content Type", "Content Last Watched Date (if viewed)",
         "Content Completed At (if completed)", "Content Saved",
         "Notes taken on videos (if taken)"],
    ),
    "jobapplications": Fields(
        ["Application Date", "Company Name", "Job Title"],
        ["Contact Email", "Contact Phone Number", "Job Url", "Resume Name",
         "Question And Answers"],
    ),
    "savedjobs": Fields(["Saved Date", "Job Title"], ["Job Url", "Company Name"]),
    "logins": Fields(["Login Date", "IP Address"], ["User Agent", "Login Type"]),
    "securitychallenges": Fields(
        ["Challenge Date", "IP Address"], ["User Agent", "Country", "Challenge Type"]
    ),
    "registration": Fields(["Registered At"], ["Registration Ip", "Subscription Types"]),
    "accountstatushistory": Fields(["Time", "Event"]),
    "emailaddresses": Fields(["Email Address"], ["Confirmed", "Primary", "Updated On"]),
    "phonenumbers": Fields(["Number"], ["Extension", "Type"]),
    "importedcontacts": Fields(
        [],
        ["FirstName", "LastName", "Emails", "PhoneNumbers", "CreatedAt", "Source", "Companies",
         "Title", "Addresses", "Sites", "InstantMessageHandles", "FullName", "Birthday",
         "Location", "BookmarkedAt", "Profiles"],
    ),
    "verifications": Fields(
        [], ["First name", "Middle name", "Last name", "Verification type", "Year of birth",
             "Issuing authority", "Document type", "Verification service provider",
             "Verified date", "Expiry date", "Organization name"],
    ),
    "receipts": Fields([], ["Transaction Made At", "Description", "Total Amount", "Currency Code",
                            "Payment Method Type", "Invoice Number", "Sub Total", "Tax Amount"]),
}  # fmt: skip
"""Columns that each row has, and those that some exports have, by `stem`."""
COLUMNS["ads"] = COLUMNS["adsclicked"]
COLUMNS["contacts"] = COLUMNS["importedcontacts"]
COLUMNS["receiptsv2"] = COLUMNS["receipts"]

TELLING = {
    "shares", "connections", "reactions", "instantreposts", "comments", "invitations",
    "adtargeting", "inferencesaboutyou", "companyfollows", "memberfollows", "positions", "profile",
    "endorsementreceivedinfo", "endorsementgiveninfo", "lanadsengagement", "searchqueries",
    "logins", "registration",
}  # fmt: skip
"""Tables that no other platform has under that name with those columns."""

_DATED = ("Started On", "Finished On", "Start Date", "End Date")
TRACES: dict[str, Shape] = {
    "votes": Shape("interest", ("OptionText",), "Date"),
    "profilesummary": Shape("profile", ("Profile Summary",)),
    "positions": Shape("profile", ("Title", "Company Name")),
    "education": Shape("profile", ("School Name",)),
    "skills": Shape("profile", ("Name",)),
    "languages": Shape("profile", ("Name",)),
    "certifications": Shape("profile", ("Name",), None, ("License Number",)),
    "courses": Shape("profile", ("Name",)),
    "honors": Shape("profile", ("Title",)),
    "projects": Shape("profile", ("Title",)),
    "publications": Shape("profile", ("Name",)),
    "patents": Shape("profile", ("Title",)),
    "organizations": Shape("profile", ("Name",)),
    "testscores": Shape("profile", ("Name",)),
    "volunteering": Shape("profile", ("Role", "Company Name")),
    "causesyoucareabout": Shape("interest", ("Supported Cause",)),
    "inferencesaboutyou": Shape("interest", ("Type of inference",)),
    "adsclicked": Shape("ad_engagement", ("Ad Title/Id",), "Ad clicked Date"),
    "ads": Shape("ad_engagement", ("Ad Title/Id",), "Ad clicked Date"),
    "lanadsengagement": Shape("ad_engagement", ("Ad Title/Id",), "Date"),
    "searchqueries": Shape("search", ("Search Query",), "Time"),
    "hashtagfollows": Shape("interest", ("HashTag",), "CreatedTime"),
    "events": Shape("interest", ("Event Name",)),
    "learning": Shape("interest", ("Content Title",)),
    "jobapplications": Shape(
        "profile", ("Job Title", "Company Name"), "Application Date",
        ("Contact Email", "Contact Phone Number", "Question And Answers", "Resume Name"),
    ),
    "savedjobs": Shape("interest", ("Job Title", "Company Name"), "Saved Date"),
    "logins": Shape("login", ("IP Address",), "Login Date"),
    "securitychallenges": Shape("login", ("IP Address",), "Challenge Date"),
    "registration": Shape("profile", ("Registered At",), "Registered At"),
    "accountstatushistory": Shape("setting", ("Event",), "Time"),
    "emailaddresses": Shape("profile", ("Email Address",)),
    "phonenumbers": Shape("profile", ("Number",)),
}  # fmt: skip

_PRIVATE = message("Private messages are not read: they are other people's words too.")
_OTHERS = message("It holds the addresses of other people, which answer no question asked here.")
_PAYMENT = message("Payments and proofs of identity answer no question asked here.")
_AGAIN = message("It says again what other files say.")
NOT_NEEDED: dict[str, Message] = {
    **dict.fromkeys(
        ("messages", "guidemessages", "learningcoachmessages", "learningroleplaymessages",
         "coachmessages", "inmails"),
        _PRIVATE,
    ),
    **dict.fromkeys(("importedcontacts", "contacts"), _OTHERS),
    **dict.fromkeys(
        ("receipts", "receiptsv2", "verifications", "privateidentityasset", "whatsappphonenumbers",
         "servicesmarketplaceproviders", "servicesmarketplaceengagements"),
        _PAYMENT,
    ),
    **dict.fromkeys(
        ("richmedia", "publishedarticles", "jobseekerpreferences", "savedjobalerts",
         "jobapplicantsavedanswers", "jobapplicantsavedscreeningquestionresponses",
         "onlinejobpostings", "jobseekerpreferencesettings"),
        _AGAIN,
    ),
}  # fmt: skip
