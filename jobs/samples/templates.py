"""Certificate templates of the small Sunbird's batches, with rules in the shapes that occur."""

from __future__ import annotations

Template = dict[str, str]

COMPLETED = '{"enrollment": {"status": 2}}'
TOP_FIVE = (
    '[{"key": "status", "expression": " = ", "value": "2"},'
    ' {"key": "top", "expression": "max", "value": "5"}]'
)
# By the last two digits of the batch's id; a batch that is not here has the usual one or none.
ODD_RULES = {
    "05": '{"assessment": {"score": 80}}',
    "06": '{"enrollment": {"status": 2}, "user": {"rootOrgId": "?channel"}}',
    "08": "{}",
    "09": '{"enrollment": {"status": 2',
    "10": '{"score": {">=": 40}}',
    "11": COMPLETED,
    "12": '{"enrollment": {"status": "2"}}',
}
WITHOUT_ARTWORK, OF_ONE_NAME, WITH_MERIT = "11", "07", "03"


def templates_of(batch_id: str, *, has_usual: bool) -> dict[str, Template] | None:
    """What the platform holds for a batch: its templates by their ids."""
    number = batch_id[-2:]
    template_id = f"do_3199{batch_id[-3:]}"
    if number not in ODD_RULES and number != OF_ONE_NAME and not has_usual:
        return None
    usual = template(template_id, "Course completion certificate", ODD_RULES.get(number, COMPLETED))
    if number == WITHOUT_ARTWORK:
        usual["previewUrl"] = usual.pop("url")
    found = {template_id: usual}
    if number == WITH_MERIT:
        merit_id = f"{template_id}1"
        found[merit_id] = template(merit_id, "Certificate of merit", TOP_FIVE)
    if number == OF_ONE_NAME:
        second_id = f"{template_id}2"
        found[second_id] = template(second_id, "course  completion CERTIFICATE", COMPLETED)
    return found


def template(template_id: str, name: str, criteria: str) -> Template:
    return {
        "identifier": template_id,
        "name": name,
        "url": f"CLOUD_BASE_PATH/content/{template_id}/artifact/certificate.svg",
        "criteria": criteria,
        "issuer": '{"name": "Suryanagar State Council", "url": "https://council.example"}',
        "signatoryList": '[{"name": "Dr. Asha Rao", "id": "D", "designation": "Director",'
        ' "image": "https://council.example/signature.png"}]',
    }
