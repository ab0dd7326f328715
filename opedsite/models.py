"""What the site itself remembers: when each job last ran, and what the demo brought."""

from django.db import models


class JobRun(models.Model):
    """The last run of one job of `opedsite.jobs`."""

    name = models.CharField(max_length=60, primary_key=True)
    ran_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.ran_at:%Y-%m-%d %H:%M:%S}"


class DemoRow(models.Model):
    """One row that `seed_demo` made, so that `remove_demo` takes nothing else."""

    kind = models.CharField(max_length=20)
    row_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "row_id"], name="demo_row_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"
