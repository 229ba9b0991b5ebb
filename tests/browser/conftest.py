"""What the browser tests share: pages opened offline, and the gallery made once."""

import pytest


@pytest.fixture
def visit(chromium):
    """Open a file with the network cut, and note every request, error and message."""
    contexts = []

    def go(path, *, width: int = 1280, scheme: str = "light"):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
        )
        contexts.append(context)
        page = context.new_page()
        page.noted = []
        page.on("request", lambda r: page.noted.append(r.url))
        page.on("console", lambda m: page.noted.append(m.text))
        page.on("pageerror", lambda e: page.noted.append(str(e)))
        url = path.resolve().as_uri()
        page.goto(url)
        page.evaluate("document.fonts.ready")
        page.noted = [n for n in page.noted if n != url and not n.startswith("data:")]
        return page

    yield go
    for context in contexts:
        context.close()


@pytest.fixture
def opened(visit, outputs):
    """Open a published page of the default plan."""

    def go(name: str, **how):
        path = outputs / "published" / name
        if not path.exists():  # a page of simulated data says so in its name
            path = path.with_name(name.replace(".", "_SIMULATED.", 1))
        return visit(path, **how)

    return go
