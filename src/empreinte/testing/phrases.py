"""A small grammar of made-up French and English sentences, so that made-up people have a voice.

A text is a template whose ``{slots}`` are filled from the lists below; slots carry their own
article, so that genders agree. No sentence was ever written by anyone.
"""

from __future__ import annotations

import re

import numpy as np

SLOTS: dict[str, tuple[str, ...]] = {
    "ouvrage": (
        "une affiche", "un logo", "une identité visuelle", "une couverture", "un dépliant",
        "une enseigne", "une étiquette", "un carnet de recettes", "un programme de saison",
        "une carte de vœux", "un plan de quartier", "une signalétique", "un faire-part",
        "une série d’illustrations", "une maquette de revue", "un jeu de pictogrammes",
    ),
    "client": (
        "la librairie de la rue Haute", "une boulangerie du quartier", "le cinéma associatif",
        "un festival de contes", "une cave coopérative", "la médiathèque", "un luthier",
        "une ferme pédagogique", "le club d’aviron", "une école de cirque", "un torréfacteur",
        "le musée des ardoises", "une compagnie de théâtre", "un atelier de vélos",
        "la halle du marché", "une maison d’édition jeunesse", "un fleuriste",
    ),
    "outil": (
        "la linogravure", "le papier recyclé", "la sérigraphie", "un bon vieux crayon 2B",
        "la gouache", "le risographe", "une grille à douze colonnes", "le tampon gravé",
        "la plume", "une palette de trois encres", "le papier découpé", "la tablette",
    ),
    "caractere": (
        "une linéale un peu ronde", "un garalde", "une mécane bien grasse", "une scripte discrète",
        "un caractère dessiné à la main", "une égyptienne", "un romain ancien",
        "une fonte variable", "un caractère de titrage", "une linéale étroite",
    ),
    "couleur": (
        "un bleu ardoise", "un rouge brique", "un vert sauge", "un jaune paille", "un rose fané",
        "un gris chaud", "un orange mandarine", "un bleu nuit", "un ocre clair",
        "un vert bouteille",
    ),
    "lieu": (
        "à l’atelier", "au bord de la Maine", "au marché", "dans le train", "à la médiathèque",
        "sur la place du Ralliement", "dans le jardin", "au café du coin", "chez l’imprimeur",
        "à la pépinière d’artisans", "dans l’arrière-boutique", "en haut de la Doutre",
    ),
    "moment": (
        "ce matin", "hier soir", "cette semaine", "lundi", "pendant le déjeuner", "à l’aube",
        "après la pluie", "entre deux rendez-vous", "avant le week-end", "depuis trois jours",
    ),
    "affaire": (
        "un devis", "une facture en retard", "un cahier des charges", "un contrat de cession",
        "une déclaration trimestrielle", "un planning", "un appel d’offres", "un acompte",
    ),
    "lecon": (
        "on montre deux pistes, jamais cinq", "un acompte se demande avant le premier trait",
        "le client connaît son métier, pas le mien", "une bonne question vaut trois maquettes",
        "imprimer tôt évite de pleurer tard", "un silence n’est pas un accord",
        "on dort avant d’envoyer", "le blanc fait la moitié du travail",
        "une échéance se négocie le premier jour", "ce qui n’est pas écrit n’a pas été dit",
        "le papier décide plus qu’on ne croit", "un bon brief tient sur une page",
    ),
    "sujet": (
        "la typographie des enseignes", "la couleur en ville", "les tarifs des indépendants",
        "la lisibilité des menus", "le dessin d’observation", "l’accessibilité des affiches",
        "les droits d’auteur", "la vie d’un carnet", "les papiers français",
        "l’écriture manuscrite",
        "la place du blanc", "les logos de clubs", "la signalétique des écoles", "l’art du devis",
    ),
    "humeur": (
        "J’en suis plutôt contente", "Il reste du travail", "On y est presque",
        "Le trait est trouvé",
        "Je recommence tout demain", "Le client a souri", "C’est enfin parti chez l’imprimeur",
        "La troisième version était la bonne", "Il fallait oser enlever", "Ça sèche sur le fil",
    ),
    "petit": (
        "Le chat a marché sur l’encre", "La machine à café a rendu l’âme",
        "Il pleut sur la verrière",
        "Le facteur a livré le papier", "La lumière est belle", "Deux heures de coupure de courant",
        "Le marché sentait la fraise", "Le train a quarante minutes de retard",
        "Le voisin répète du tuba", "La Loire est très haute",
    ),
    "job": (
        "a poster", "a logo", "a book cover", "a set of icons", "a shop sign", "a label",
        "a small website", "a map", "a season programme", "a logotype for a choir",
    ),
    "people": (
        "a bookshop", "a bakery", "a storytelling festival", "a coffee roaster", "a rowing club",
        "a circus school", "a tiny publisher", "a bike workshop", "a museum of slate",
    ),
    "lesson": (
        "show two routes, never five", "ask for the deposit before the first line",
        "print early, cry less", "silence is not approval", "sleep before you send",
        "white space does half of the work", "a good brief fits on one page",
    ),
    "merci": (
        "Merci beaucoup", "Merci", "Oh merci", "Mille mercis", "C’est gentil, merci", "Merci à toi",
    ),
    "avis": (
        "je pensais exactement la même chose", "le rouge est plus fort en vrai",
        "c’est de la linogravure sur papier 160 g", "je t’envoie la référence",
        "le caractère est dans la fonderie du coin", "on en parle autour d’un café",
        "j’ai mis deux jours, surtout à enlever", "il en reste une dizaine à l’atelier",
        "je préfère la première version", "tu as raison pour l’interlignage",
        "c’est une encre à l’eau", "le fichier part ce soir",
    ),
    "eloge": (
        "Superbe", "J’adore", "Très beau travail", "Quelle couleur", "Bravo", "C’est très juste",
        "Magnifique", "Ça donne envie", "Le trait est vivant", "Belle idée",
    ),
    "demande": (
        "On peut en acheter un tirage ?", "C’est quel papier ?", "Quelle est cette police ?",
        "Tu l’exposes où ?", "Tu fais aussi les menus ?", "C’est fait à la main ?",
        "Combien de passages de couleur ?", "Tu donnes des ateliers ?", "C’est pour quand ?",
    ),
}  # fmt: skip

POSTS: tuple[str, ...] = (
    "Je termine {ouvrage} pour {client}. {humeur}.",
    "{moment_}, {ouvrage} pour {client} : {couleur}, {caractere}, et rien d’autre.",
    "Petit rappel d’indépendante : {lecon}.",
    "Essai avec {outil} {lieu}. {humeur}.",
    "{petit}, alors je dessine {ouvrage}.",
    "Quelqu’un a déjà travaillé avec {outil} pour {ouvrage} ? Je cherche des retours.",
    "Ce que j’ai appris {moment} : {lecon}.",
    "{couleur_} et {caractere} : je crois que je tiens {ouvrage} de {client}.",
    "{moment_}, {affaire} puis {affaire}. Le métier, c’est aussi ça.",
    "Croquis {lieu}, {moment}. {petit}.",
    "Vu {lieu} : {ouvrage} avec {caractere}. On ne regarde jamais assez les murs.",
    "J’hésite entre {couleur} et {couleur} pour {client}. Vous prendriez quoi ?",
    "Dix exemplaires de plus pour {client}. {humeur}.",
    "Avant, après : {ouvrage} de {client}. {humeur}.",
    "Je reprends {outil} après des mois. {humeur}.",
    "{client_} m’a confié {ouvrage}. On commence par écouter.",
    "Journée {lieu} : {affaire}, deux cafés, et enfin {ouvrage}.",
    "On me demande souvent combien coûte {ouvrage}. La réponse honnête : {lecon}.",
)
THREADS: tuple[str, ...] = (
    "{sujet_} : un fil, parce qu’on me pose la question chaque semaine.",
    "L’histoire de {ouvrage} pour {client}, du premier croquis à l’imprimeur. Un fil.",
    "Cinq choses que j’aurais aimé savoir sur {sujet} en m’installant.",
)
FOLLOW_UPS: tuple[str, ...] = (
    "D’abord, {lecon}. C’est bête, mais cela change tout.",
    "Ensuite vient {outil}. {humeur}.",
    "Là, {client} m’a parlé de {couleur}. Tout est parti de là.",
    "J’ai essayé {caractere}. {humeur}.",
    "Le plus long a été {affaire}. On n’en parle jamais assez.",
    "Dernière chose : {lecon}. Fin du fil.",
)
REPLIES: tuple[str, ...] = (
    "{merci} ! {avis_}.",
    "{avis_}.",
    "{merci}, {avis}.",
    "Oui, et {lecon}.",
    "Bonne question : {avis}.",
    "Je crois que {lecon}.",
)
SHARES: tuple[str, ...] = (
    "Nous cherchons {ouvrage} pour {client}, écrivez-nous avant la fin du mois.",
    "On a retrouvé {ouvrage} {lieu}, sans signature. Qui connaît l’histoire ?",
    "Rencontre {lieu} autour de {sujet} : entrée libre, venez nombreux.",
    "Notre enquête sur {sujet} est en ligne, merci à toutes celles qui ont répondu.",
    "Portes ouvertes chez {client} samedi : {outil}, café et brioche.",
)
QUOTES: tuple[str, ...] = (
    "À lire si vous aimez {sujet}.",
    "Exactement : {lecon}.",
    "{petit}, mais cela m’a fait ma journée.",
)
ENGLISH: tuple[str, ...] = (
    "Finishing {job} for {people}. Slow work, good work.",
    "Note to self: {lesson}.",
    "New on the bench: {job} for {people}.",
    "Today’s lesson from {people}: {lesson}.",
    "Two colours, one typeface, {job}. That is all it needs.",
)
TITLES: tuple[str, ...] = (
    "{sujet_}, depuis l’atelier",
    "Carnet : {ouvrage} pour {client}",
    "Ce que j’ai appris sur {sujet}",
    "{outil_} : notes de débutante",
    "Pourquoi {couleur} ?",
    "{lecon_}",
    "{ouvrage_} en sept étapes",
)
PARAGRAPHS: tuple[str, ...] = (
    "{petit}. C’est dans ces heures-là que je repense à {sujet}. {lecon_}, et pourtant je "
    "l’oublie à chaque projet.",
    "Pour {client}, l’idée était claire : {ouvrage}, {couleur}, et le moins de mots possible. "
    "Nous avons passé l’après-midi {lieu} à regarder ce que font les autres, puis tout fermé.",
    "J’ai sorti {outil}. {humeur}. Le lendemain, j’ai repris avec {caractere}, en gardant "
    "{couleur} pour le seul détail qui compte.",
    "On parle peu de {affaire}. C’est pourtant là que se joue la suite : {lecon}. Depuis que "
    "je l’écris noir sur blanc, les projets finissent à l’heure.",
    "{moment_}, {lieu}, j’ai relu mes carnets de l’année. Ce qui reste, ce n’est pas {ouvrage} "
    "dont j’étais si fière, mais {sujet}.",
    "Reste une question ouverte : que devient {ouvrage} quand {client} change de main ? Si vous "
    "avez une réponse, les commentaires sont là pour cela.",
)
COMMENTS: tuple[str, ...] = (
    "{eloge} ! {demande}",
    "{eloge}. {lecon_}, je le garde.",
    "{merci} pour ce partage. {demande}",
    "{demande}",
    "{eloge}, et {couleur} va si bien à {client}.",
    "Je travaille aussi sur {sujet}, votre article tombe bien.",
)
TAGS: tuple[str, ...] = (
    "design", "graphisme", "typographie", "illustration", "linogravure", "indépendante", "Angers",
    "affiche", "atelier", "sérigraphie", "freelance", "papier", "croquis", "édition",
)  # fmt: skip

_CONTRACTIONS = (
    (" de le ", " du "), (" de les ", " des "), (" de un", " d’un"), (" à le ", " au "),
    (" à les ", " aux "),
)  # fmt: skip
_SLOT = re.compile(r"\{(\w+)\}")


def compose(templates: tuple[str, ...], random: np.random.Generator) -> str:
    """Draw a template and fill its slots; ``{slot_}`` begins with a capital letter.

    >>> compose(("Un essai avec {outil}.",), np.random.default_rng(1))
    'Un essai avec le risographe.'
    """

    def fill(place: re.Match[str]) -> str:
        words = SLOTS[place[1].rstrip("_")]
        text = words[int(random.integers(len(words)))]
        return text[0].upper() + text[1:] if place[1].endswith("_") else text

    text = _SLOT.sub(fill, templates[int(random.integers(len(templates)))])
    for apart, together in _CONTRACTIONS:
        text = text.replace(apart, together)
    return text
