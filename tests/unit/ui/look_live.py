"""Pictures of the widgets that show live state, to be looked at: ``python look_live.py FOLDER [SCALE]``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[2])]


def main() -> None:
    folder, scale = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "1"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = scale

    import docker_scenes
    import live_scenes

    from krita_AIhorde.qt import QtWidgets
    from krita_AIhorde.ui.news import NewsWindow
    from krita_AIhorde.ui.workerdialog import WorkerDialog

    app = QtWidgets.QApplication([])

    def picture(widget: QtWidgets.QWidget, name: str) -> None:
        for _ in range(4):
            app.processEvents()
        widget.grab().save(str(folder / f"{name}@{scale}.png"))
        print(name, "smallest:", widget.minimumSizeHint().width(), widget.minimumSizeHint().height())

    for theme in ("dark", "light"):
        docker_scenes.dress(app, dark=theme == "dark")
        for scene in ("bare", "known", "rich", "wrong"):
            for width in (300, 450):
                page = live_scenes.Page(getattr(live_scenes, scene)())
                page.resize(width, 860)
                page.show()
                page.unfold()
                picture(page, f"{scene}-{theme}-{width}")
                page.release()
                page.close()
        studio = live_scenes.known()
        page = live_scenes.Page(studio)
        page.resize(300, 860)
        page.show()
        box = page.findChildren(QtWidgets.QComboBox, "model")[0]
        box.showPopup()
        picture(box.view().window(), f"list-{theme}")
        box.hidePopup()
        search = box.completer()
        search.setCompletionPrefix("sd 1 fantasy")
        search.complete()
        picture(search.popup(), f"search-{theme}")
        search.popup().hide()
        for window, name in (
            (WorkerDialog(studio, "Only these workers", page), "workers"),
            (NewsWindow(studio, page), "news"),
        ):
            window.show()
            picture(window, f"{name}-{theme}")
            window.close()
        page.release()
        page.close()


main()
