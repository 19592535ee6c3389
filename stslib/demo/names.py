"""Common first names and surnames in Flanders, of many origins; put together at random, so no person is meant."""

from __future__ import annotations

FIRST_NAMES = (
    "Emma", "Louise", "Noor", "Lina", "Elif", "Yasmine", "Amber", "Julie", "Mila", "Olivia", "Fatima", "Zoë", "Marie",
    "Hanne", "Lotte", "Amina", "Sofia", "Jana", "Ella", "Nina", "Salma", "Fien", "Aleksandra", "Chloé", "Inès", "Femke",
    "Maryam", "Lore", "Lars", "Mohamed", "Adam", "Liam", "Noah", "Arthur", "Lucas", "Finn", "Jules", "Victor", "Ibrahim",
    "Matteo", "Yusuf", "Seppe", "Kobe", "Milan", "Wout", "Rayan", "Gabriël", "Daan", "Emre", "Jakub", "Ilyas", "Thibo",
    "Bilal", "André", "Lowie", "Samuel", "Oscar", "Bashir", "Kwame", "Dario",
)  # fmt: skip

SURNAMES = (
    "Peeters", "Janssens", "Maes", "Jacobs", "Mertens", "Willems", "Claes", "Goossens", "Wouters", "De Smet", "Dubois",
    "Lambert", "El Amrani", "Yilmaz", "Kaya", "Nowak", "Popescu", "Diallo", "Nguyen", "Ahmed", "Haddad", "Benali",
    "De Backer", "Vermeulen", "Van Damme", "Desmet", "Hermans", "Michiels", "Aerts", "Cools", "Lemmens", "Van den Broeck",
    "Pauwels", "Hendrickx", "Martens", "Bogaerts", "Smets", "Coppens", "Verhoeven", "Demir", "Öztürk", "Kowalska",
    "Ionescu", "Mensah", "Rahimi", "Singh", "Da Silva", "García", "Ferreira", "Rossi", "Dupont", "Lefèvre", "Noël",
    "Declercq", "Verstraete", "Baert", "Devos", "Thijs", "Geerts", "Stevens", "Moens", "Segers", "Van Dyck", "Bakkali",
    "Chaouch", "Okafor", "Petrov", "Hoxha", "Cuypers", "Timmermans",
)  # fmt: skip
