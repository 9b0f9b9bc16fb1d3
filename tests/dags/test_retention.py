"""The nightly removal, and the look at the audit log after it."""


def test_what_is_too_old_goes_each_night_before_the_log_is_verified(dag_bag):
    dag = dag_bag.dags["retention"]

    assert {task.task_id: task.arguments for task in dag.tasks} == {
        "remove": ["retention"],
        "verify": ["audit", "verify"],
    }
    assert dag.get_task("remove").downstream_task_ids == {"verify"}
    assert dag.schedule == "40 1 * * *"
