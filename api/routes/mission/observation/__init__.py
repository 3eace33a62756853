"""Routes of what observers do beside incidents: each module a part of the observation."""

from api.routes.mission.observation import (
    completeness,
    conflicts,
    findings,
    forms,
    guides,
    messages,
    people,
    quick_count_copies,
    quick_counts,
    response_photos,
    responses,
    roster,
    sampling_frames,
    waiting,
)

ROUTERS = tuple(
    module.router
    for module in (
        *(completeness, conflicts, findings, forms, guides, messages, people),
        *(quick_count_copies, quick_counts, response_photos, responses, roster, sampling_frames, waiting),
    )
)
