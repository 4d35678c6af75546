"""What is written on the command line: roles, purposes and ids of the marketplace that is served, and numbers."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from gateway import app
from schema.identities import LARGEST_ID, Identity, IdType, read_id
from schema.requester import Purpose, Role

_Word = TypeVar("_Word", Role, Purpose)


def role_of(text: str) -> Role:
    return _named(text, app.marketplace().roles)


def purpose_of(text: str) -> Purpose:
    return _named(text, app.marketplace().purposes)


def member_of(text: str) -> Identity:
    return _id(text, app.marketplace().member_type)


def organisation_of(text: str) -> Identity:
    return _id(text, app.marketplace().organisation_type)


def _id(text: str, id_type: IdType) -> Identity:
    found = read_id(text, id_type)
    # Numbers of rows begin at one.
    if not found:
        raise typer.BadParameter(f"`{text}` is not an id: these are of the type {id_type}")
    return found


def _named(text: str, words: Iterable[_Word]) -> _Word:
    names = {word.value: word for word in words}
    found = names.get(text) or names.get(text.upper())
    if found is None:
        raise typer.BadParameter(f"`{text}` is not one of {', '.join(names)}")
    return found


def number_of(written: str | int) -> int:
    """A number that a database can count to: an id, or how many."""
    text = str(written)
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= LARGEST_ID):
        raise typer.BadParameter(f"give a whole number from 1 to {LARGEST_ID}")
    return int(text)


def _roles(begun: str) -> list[str]:
    """What a shell may complete."""
    return [role.value for role in app.marketplace().roles if role.value.startswith(begun.upper())]


def _purposes(begun: str) -> list[str]:
    return [purpose.value for purpose in app.marketplace().purposes if purpose.value.startswith(begun)]


if TYPE_CHECKING:
    AskingRole = Role
    AskedPurpose = Purpose
else:
    # Help names the type of an argument. It would name an enumeration by its members, which only a marketplace has.
    AskingRole, AskedPurpose = type("ROLE", (), {}), type("PURPOSE", (), {})

A_ROLE = typer.Argument(parser=role_of, metavar="ROLE", autocompletion=_roles, help="role that asks")
A_PURPOSE = typer.Argument(parser=purpose_of, metavar="PURPOSE", autocompletion=_purposes, help="purpose it asks for")
OneRole = Annotated[
    Role | None,
    typer.Option("--role", parser=role_of, metavar="ROLE", autocompletion=_roles, help="role; any by default"),
]
OnePurpose = Annotated[
    Purpose | None,
    typer.Option(
        "--purpose", parser=purpose_of, metavar="PURPOSE", autocompletion=_purposes, help="purpose; any by default"
    ),
]
