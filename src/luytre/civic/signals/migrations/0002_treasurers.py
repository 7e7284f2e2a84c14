from django.db import migrations, models


class Migration(migrations.Migration):
    """A role more may be called; choices are no column of the database."""

    dependencies = [
        ('signals', '0001_signals'),
    ]

    operations = [
        migrations.AlterField(
            model_name='called',
            name='actor',
            field=models.CharField(blank=True, choices=[('administrator', 'administrator'), ('head', 'head of the commune police'), ('duty', 'police on duty'), ('hamlet_head', 'hamlet head'), ('security_team', 'hamlet security team'), ('surveyor', 'surveyor'), ('owner', 'camera owner'), ('committee', 'committee member'), ('treasurer', 'treasurer'), ('auditor', 'auditor'), ('resident', 'resident')], max_length=20),
        ),
    ]
