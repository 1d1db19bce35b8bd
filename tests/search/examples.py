"""Two small policies to ask."""

from bot.core.policies import Clause, Policy
from bot.search.asking import Asking
from bot.search.thesaurus import Thesaurus

NET = Policy(
    "net",
    "Social media policy",
    (
        Clause("n1", "Date", "Review date: October 2026", kind="field", headings=("Front matter",)),
        Clause("n2", "1", "Users must NOT:", headings=("Use of social media",)),
        Clause(
            "n3",
            "1 (bullet 1)",
            "accept friend requests from pupils at our school.",
            marker="•",
            headings=("Use of social media",),
            lead="n2",
        ),
        Clause(
            "n4",
            "2",
            "Keep your profile private. Photographs of pupils may be published only with the "
            "written consent of parents.",
            headings=("Images",),
        ),
        Clause("n5", "2a", "Or", kind="or"),
        Clause(
            "n6", "3", "Report a concern to the headteacher without delay.", headings=("Concerns",)
        ),
    ),
)
TRIPS = Policy(
    "trips",
    "Educational visits",
    (
        Clause(
            "t1",
            "1",
            "A risk assessment must be completed before every visit.",
            headings=("Plans",),
        ),
        Clause(
            "t2", "2", "The minibus may be driven only by trained staff.", headings=("Transport",)
        ),
        Clause(
            "t3", "3", "Parents must give written consent for a residential.", headings=("Consent",)
        ),
    ),
)
WORDS = Thesaurus(
    {
        "kid": ["pupil", "child"],
        "y#": ["pupil"],
        "pic": ["photograph"],
        "insta": ["social media"],
        "sign off": ["written consent"],
        "facebook": ["social media"],
    }
)
ASKING = Asking()
