from jobs.textbooks.grades import grade_rank, rank_of_grade

IN_ORDER = ["KG", "Class 1", "Class 2", "class 10", "Class 12", "Class 13", ""]


def test_grades_are_in_the_order_of_the_school_wherever_they_are_sorted(spark):
    frame = spark.createDataFrame([(grade,) for grade in [*IN_ORDER, " kg "]], "grade string")
    ranks = {row[0]: row[1] for row in frame.select("grade", grade_rank(frame["grade"])).collect()}

    assert [rank_of_grade(grade) for grade in IN_ORDER] == [0, 1, 2, 10, 12, 98, 99]
    assert ranks == {grade: rank_of_grade(grade) for grade in ranks}
