"""Pictures of the docker, to be looked at: ``python look.py FOLDER [SCALE [SCENE …]]``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[2])]

# Scene, width and height.
LOOKS = (
    ("quiet", 300, 600), ("quiet", 450, 900),
    ("busy", 300, 600), ("busy", 300, 1000), ("busy", 450, 1000), ("busy", 700, 1000),
    ("folded", 300, 900), ("folded", 450, 900),
    ("everything", 300, 2000), ("everything", 450, 1900),
    ("questioned", 300, 1500), ("questioned", 450, 1500),
    ("troubled", 300, 1500), ("troubled", 450, 1300), ("mirrored", 300, 1100), ("mirrored", 450, 1100),
)  # fmt: skip


def main() -> None:
    folder, scale = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "1"
    scenes = sys.argv[3:]
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = scale

    import docker_scenes

    from krita_AIhorde.qt import QtWidgets
    from krita_AIhorde.ui.docker import DockerWidget

    app = QtWidgets.QApplication([])
    for theme in ("dark", "light"):
        docker_scenes.dress(app, dark=theme == "dark")
        for scene, width, height in LOOKS:
            if scenes and scene not in scenes:
                continue
            docker = DockerWidget(getattr(docker_scenes, scene)())
            docker.resize(width, height)
            docker.show()
            docker_scenes.prepare(docker, scene)
            for _ in range(3):
                app.processEvents()
            name = f"{scene}-{theme}-{width}x{height}@{scale}.png"
            docker.grab().save(str(folder / name))
            print(name, "smallest:", docker.minimumSizeHint().width(), docker.minimumSizeHint().height())
            docker.release()
            docker.close()


main()
