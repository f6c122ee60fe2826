"""Common names, so that the village reads like one. None of them belongs to anybody."""

from __future__ import annotations

GIVEN_NAMES = (
    "Alma Ebbe Freja Hugo Iris Jonas Klara Leo Maryam Nils Olivia Percy Ronja Sami Tilde Ville Wilma Yusuf Zara Arvid "
    "Bella Cornelia David Elsa Folke Greta Hassan Ida Juni Kerstin Lova Milo Nova Otto Pelle Rasmus Selma Tage Ulrika"
).split()
FAMILY_NAMES = (
    "Abbas Bergman Carlsson Dahlin Engström Forsberg Granlund Hedman Isaksson Jonsson Karlberg Lundin Mattsson Nyberg "
    "Olsson Palm Qvist Rahimi Sandberg Tran Ullberg Wallin Yilmaz Åkesson Öberg"
).split()
