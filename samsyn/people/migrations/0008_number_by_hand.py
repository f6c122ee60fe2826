from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_custody_by_hand"),
    ]

    operations = [
        migrations.AddField(
            model_name="identity",
            name="noted_by",
            field=models.UUIDField(null=True),
        ),
    ]
