"""The wording of page furniture, credits, bylines and datelines that noise is made of; names are invented."""

AGENCIES = ("Reuters", "AP", "AFP", "EPA", "Getty Images", "AFP/Getty Images", "Reuters/File", "Bloomberg", "PA")
CREDITS = (*AGENCIES, "Image copyright Getty Images", "Image copyrightReuters", "Photo: AP", "(Photo: Getty Images)")
CAPTIONS = (
    "Image caption The scene earlier this week",
    "File photo",
    "The building on Tuesday",
    "A street in the town, last year",
)
FIRST = (
    "Maria",
    "Daniel",
    "Aisha",
    "Tom",
    "Ingrid",
    "Wei",
    "Carla",
    "Samuel",
    "Nadia",
    "Peter",
    "Lucia",
    "Kofi",
    "Hana",
    "Owen",
)
LAST = (
    "Brandvold",
    "Okafor",
    "Lindqvist",
    "Castellan",
    "Moreau",
    "Tanaka",
    "Whitlock",
    "Haddad",
    "Novotny",
    "Pereira",
    "Sandhu",
)
DESKS = ("", ", Staff Writer", ", Associated Press", " and agencies", " | Staff Reporter", ", political correspondent")
TOWNS = (
    "LONDON",
    "NAIROBI, Kenya",
    "WASHINGTON",
    "MADRID",
    "SYDNEY",
    "COLUMBUS, Ohio",
    "BRUSSELS",
    "MANILA, Philippines",
    "LAGOS",
)
WIRES = (" (AP) — ", " (Reuters) - ", " — ", " (AFP) – ")
MONTHS = ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
FURNITURE = (
    "Advertisement",
    "Story continues below",
    "Share this article",
    "Click here to subscribe to our newsletter",
    "Sign up for our morning briefing",
    "Read the full report here.",
    "This is a developing story",
)
LEADS = ("Read more: ", "READ MORE: ", "Related: ", "See also: ", "Also read | ")
