"""Loads the marketplace that the setting VEIL_MARKETPLACE names: a package, or the folder of one.

Whatever its code says wrongly stops the start, with file and line.
"""

import importlib
import importlib.util
import sys
import traceback
from pathlib import Path

from schema.definition import Marketplace

ENTRY = "MARKETPLACE"
"""What the module `marketplace` of the package calls the marketplace."""


class MarketplaceError(Exception):
    """The package cannot be loaded; the message says where and what to change."""


def load_marketplace(name: str) -> Marketplace:
    """The marketplace of a package, by its dotted name or by the path of its folder. Raises `MarketplaceError`."""
    folder = Path(name).expanduser()
    package = _importable(folder) if _is_path(name) else name
    try:
        module = importlib.import_module(f"{package}.marketplace")
    except ModuleNotFoundError as missing:
        if missing.name and f"{package}.marketplace".startswith(missing.name):
            raise MarketplaceError(
                f"VEIL_MARKETPLACE: there is no module `{package}.marketplace`; "
                "name an installed package, or a folder with `__init__.py` and `marketplace.py`"
            ) from None
        raise MarketplaceError(_placed(missing, package)) from missing
    except Exception as mistake:
        raise MarketplaceError(_placed(mistake, package)) from mistake
    found = getattr(module, ENTRY, None)
    if not isinstance(found, Marketplace):
        raise MarketplaceError(f"{module.__file__}: give it `{ENTRY} = Marketplace(…)`, from `schema.definition`")
    return found


def _is_path(name: str) -> bool:
    return "/" in name or Path(name).is_dir()


def _importable(folder: Path) -> str:
    """The name to import a folder by. Its own modules import each other by that name."""
    folder = folder.resolve()
    if not (folder / "__init__.py").is_file():
        raise MarketplaceError(
            f"VEIL_MARKETPLACE: `{folder}` is no package; name a folder with `__init__.py` and `marketplace.py`"
        )
    if not folder.name.isidentifier():
        raise MarketplaceError(f"VEIL_MARKETPLACE: `{folder.name}` is no name of a package; rename the folder")
    if str(folder.parent) not in sys.path:
        sys.path.insert(0, str(folder.parent))
    return folder.name


def _placed(mistake: Exception, package: str) -> str:
    """A mistake with the file and line of the package where it was made."""
    if isinstance(mistake, SyntaxError):
        return f"{mistake.filename}:{mistake.lineno}: {mistake.msg}"
    spec = importlib.util.find_spec(package)
    folders = [Path(folder) for folder in spec.submodule_search_locations or ()] if spec else []
    frames = traceback.extract_tb(mistake.__traceback__)
    own = [frame for frame in frames if any(folder in Path(frame.filename).parents for folder in folders)]
    last = (own or frames)[-1]
    return f"{last.filename}:{last.lineno}: {type(mistake).__name__}: {mistake}"
