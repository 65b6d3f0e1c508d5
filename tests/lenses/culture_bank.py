"""A small bank of questions in a folder: five areas, six competences, made-up everything."""

from pathlib import Path

COMPETENCES = ("1.1", "1.2", "2.1", "3.3", "4.1", "5.1")


def written(folder: Path, law="A made-up law holds.", recheck="2099-01-01") -> Path:
    """Write the files; give their folder."""
    folder.mkdir(exist_ok=True)
    parts = []
    for area in range(1, 6):
        parts.append(f'[[areas]]\nid = {area}\nen = {{title = "Area {"ABCDE"[area - 1]}"}}\n'
                     f'fr = {{title = "Domaine {"ABCDE"[area - 1]}"}}')  # fmt: skip
    for id in COMPETENCES:
        parts.append(f'[[competences]]\nid = "{id}"\narea = {id[0]}\n'
                     f'en = {{title = "Knowing {letters(id)}"}}\n'
                     f'fr = {{title = "Savoir {letters(id)}"}}')  # fmt: skip
    (folder / "competences.toml").write_text("\n\n".join(parts), "utf-8")
    items = [item(id, "said", n, 2) for id in COMPETENCES for n in range(1, 3)]
    items += [item(id, "known", n, n) for id in COMPETENCES for n in range(1, 5)]
    (folder / "items-1.toml").write_text("\n\n".join(items), "utf-8")
    (folder / "changes.toml").write_text("\n\n".join((
        change("law", law, "2026-01-10", "in force", recheck),
        change("old", "An old rule holds.", "2024-01-10", "repealed", "2025-01-01"),
    )), "utf-8")  # fmt: skip
    (folder / "profiles.toml").write_text(PROFILES, "utf-8")
    return folder


def letters(id: str) -> str:
    return id.translate(str.maketrans("12345.", "abcde-"))


def item(competence: str, kind: str, n: int, level: int) -> str:
    id = f"{competence}-{kind[0]}{n}"
    answer = f"answer = {n % 4}\n" if kind == "known" else ""

    def words(language: str) -> str:
        options = ", ".join(
            f'"{language} option {letters(str(k + 1))} of {id}, which is as long as they are"'
            for k in range(4)
        )
        return (f'[items.{language}]\nask = "{language}: {id}?"\noptions = [{options}]\n'
                f'why = "Because of {id}."')  # fmt: skip

    return (f'[[items]]\nid = "{id}"\ncompetence = "{competence}"\nkind = "{kind}"\n'
            f'level = {level}\n{answer}source = "S"\nchecked = 2026-01-01\nexpires = 2098-01-01\n'
            f"{words('en')}\n{words('fr')}")  # fmt: skip


def change(id: str, en: str, effect: str, status: str, recheck: str) -> str:
    return (f'[[changes]]\nid = "{id}"\neffect = {effect}\nstatus = "{status}"\n'
            f'jurisdiction = "FR"\ncompetence = "4.1"\nidentifier = "N 1"\n'
            f'address = "https://law.example"\nchecked = 2024-06-01\nrecheck = {recheck}\n'
            f'en = "{en}"\nfr = "Loi : {en}"')  # fmt: skip


PROFILES = "\n".join((
    '[[profiles]]\nid = "person"\nen = "Private person"\nfr = "Particulier"',
    *(f'[[profiles.needs]]\ncompetence = "{id}"\nen = "Everybody does."\nfr = "Tous."'
      for id in ("1.1", "2.1", "4.1", "5.1")),
    '[[profiles]]\nid = "manager"\nen = "Manager"\nfr = "Responsable"',
    '[[profiles.needs]]\ncompetence = "3.3"\nen = "Others’ work."\nfr = "Le travail d’autrui."',
    '[[exercises]]\ncompetence = "4.1"\nen = "Look at your logins."\nfr = "Voir ses connexions."',
))  # fmt: skip
