from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_entered_by_hand"),
    ]

    operations = [
        migrations.AddField(
            model_name="guardianship",
            name="noted_by",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="identity",
            name="beside",
            field=models.BooleanField(default=False),
        ),
    ]
