from django.urls import path

from vernal.web.plan import views

PLAN = "patients/<uuid:patient_id>/plan/"
SESSION = PLAN + "sessions/<uuid:session_id>/"

urlpatterns = [
    path(PLAN, views.plan, name="plan"),
    path(PLAN + "new/", views.new_plan, name="new_plan"),
    path(PLAN + "checks/", views.plan_checks, name="plan_checks"),
    path(PLAN + "confirm/", views.confirm_plan, name="confirm_plan"),
    path(PLAN + "sign/", views.sign_plan, name="sign_plan"),
    path(SESSION + "move/", views.move_session, name="move_session"),
    path(SESSION + "cancel/", views.cancel_session, name="cancel_session"),
]
