"""Pictures in templates: `{% picture %}`, `{% figure %}` and `{% face %}`."""

from django import template

from articles.pictures.markup import face, figure, picture

register = template.Library()
register.simple_tag(picture)
register.simple_tag(figure)
register.simple_tag(face)
