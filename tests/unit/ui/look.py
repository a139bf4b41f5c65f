"""Pictures of the docker, to be looked at: ``python look.py FOLDER [SCALE]``."""

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

    from krita_AIhorde.qt import QtWidgets
    from krita_AIhorde.settings import SECTION_ACCOUNT_OPEN, SECTION_BASIC_OPEN
    from krita_AIhorde.ui.docker import DockerWidget

    app = QtWidgets.QApplication([])
    for theme in ("dark", "light"):
        docker_scenes.dress(app, dark=theme == "dark")
        for scene, width, height in (
            ("quiet", 300, 600), ("busy", 300, 600), ("busy", 300, 1000), ("busy", 450, 1000),
            ("folded", 300, 900), ("folded", 450, 900),
            ("quiet", 450, 900), ("troubled", 300, 1500), ("troubled", 450, 1300),
        ):  # fmt: skip
            studio = getattr(docker_scenes, "busy" if scene == "folded" else scene)()
            if scene != "troubled":
                studio.settings.set(SECTION_BASIC_OPEN, scene != "folded")
                studio.settings.set(SECTION_ACCOUNT_OPEN, height > 800)
            docker = DockerWidget(studio)
            docker.resize(width, height)
            docker.show()
            for button in docker.findChildren(QtWidgets.QToolButton, "detailsButton")[:2]:
                button.setChecked(scene == "troubled")
            for _ in range(3):
                app.processEvents()
            name = f"{scene}-{theme}-{width}x{height}@{scale}.png"
            docker.grab().save(str(folder / name))
            print(name, "smallest:", docker.minimumSizeHint().width(), docker.minimumSizeHint().height())
            docker.release()
            docker.close()


main()
